'use strict';
// Draws the map of coro-tidy: a treemap on a canvas, and a panel beside it. Everything that comes from the data is put into
// the page as text, never as markup.
(function () {
  const KINDS = [
    {id: 'io', label: 'async IO'},
    {id: 'compute', label: 'compute'},
    {id: 'mixed', label: 'mixed'},
    {id: 'blocking', label: 'blocking'},
  ];
  const SPOT = {
    blocking: 'blocks the thread', separate: 'computes in a coroutine', offload: 'takes long',
    plain: 'never suspends', frame: 'large frame',
  };
  const data = JSON.parse(document.getElementById('data').textContent);
  const $ = id => document.getElementById(id);
  const map = $('map'), lines = $('lines'), stage = $('stage'), side = $('side'), tip = $('tip'), search = $('search');

  function element(tag, properties, ...children) {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(properties || {})) {
      if (key === 'class') made.className = value;
      else if (key === 'on') made.addEventListener('click', value);
      else made.setAttribute(key, value);
    }
    made.append(...children.filter(child => child !== null && child !== undefined));
    return made;
  }
  const chip = kind => element('span', {class: 'chip ' + kind, 'aria-hidden': 'true'});
  const kindLabel = kind => KINDS.find(one => one.id === kind).label;
  const plural = (count, word) => count.toLocaleString('en') + ' ' + word + (count === 1 ? '' : 's');

  // --- the model

  const functions = [];
  const root = {name: data.project || '/', path: '', type: 'folder', children: [], folders: new Map()};
  for (const file of data.files) {
    let folder = root;
    const parts = file.path.split('/');
    const name = parts.pop();
    let path = '';
    for (const part of parts) {
      path += part + '/';
      if (!folder.folders.has(part)) {
        const made = {name: part, path, type: 'folder', children: [], folders: new Map()};
        folder.folders.set(part, made);
        folder.children.push(made);
      }
      folder = folder.folders.get(part);
    }
    const node = {name, path: file.path, type: 'file', children: []};
    for (const f of file.functions) {
      const leaf = {name: f.name, path: file.path, type: 'function', fn: f, calledBy: []};
      f.node = leaf;
      f.file = file.path;
      functions[f.index] = f;
      node.children.push(leaf);
    }
    folder.children.push(node);
  }
  // A folder with nothing but one folder is no step of its own.
  (function squeeze(node) {
    while (node.type === 'folder' && node !== root && node.children.length === 1 && node.children[0].type === 'folder') {
      const only = node.children[0];
      node.name += '/' + only.name;
      node.path = only.path;
      node.children = only.children;
    }
    if (!node.name) node.name = '/';
    for (const child of node.children) if (child.type === 'folder') squeeze(child);
  })(root);
  (function link(node, parent) {
    node.parent = parent;
    for (const child of node.children || []) link(child, node);
  })(root, null);
  for (const f of functions) for (const callee of f.calls) functions[callee].node.calledBy.push(f.index);
  const spots = [];
  for (const f of functions) for (const spot of f.hotSpots) spots.push({spot, fn: f});
  spots.sort((a, b) => b.spot.score - a.spot.score);

  // --- state

  let focus = root;          // the folder or file that is drawn
  let selected = null;       // a function
  let hovered = null;
  let query = '';
  const shown = new Set(KINDS.map(kind => kind.id));
  let rects = [];            // what is drawn, parents first
  const rectOf = new Map();  // of a node

  // --- heading

  const number = data.coroutines;
  document.title = (data.project || 'project') + ': IO and compute';
  $('percent').textContent = number.separablePercent.toFixed(1) + ' %';
  document.querySelector('h1').textContent = data.project || 'project';
  $('facts').textContent = plural(data.files.length, 'file') + ', ' + plural(functions.length, 'function') + ', ' +
      plural(number.count, 'coroutine') + (data.failed ? ', ' + data.failed + ' of ' + plural(data.units, 'unit') + ' not complete' : '');
  KINDS.forEach((kind, index) => {
    const count = functions.filter(f => f.kind === kind.id).length;
    $('kinds').append(element('button', {
      type: 'button', 'aria-pressed': 'true', 'data-kind': kind.id, title: 'Show or hide (' + (index + 1) + ')',
      on: () => toggle(kind.id),
    }, chip(kind.id), kind.label, element('b', {}, count.toLocaleString('en'))));
  });

  function toggle(kind) {
    if (shown.has(kind)) shown.delete(kind); else shown.add(kind);
    document.querySelector('[data-kind="' + kind + '"]').setAttribute('aria-pressed', String(shown.has(kind)));
    draw();
    if (!selected) listSpots();
  }

  // --- the treemap

  let colours = {};
  function readColours() {
    const style = getComputedStyle(document.documentElement);
    const get = name => style.getPropertyValue('--' + name).trim();
    colours = {};
    for (const name of ['back', 'panel', 'text', 'soft', 'line', 'folder', 'folder-alt', 'file', 'select', 'call', 'accent'])
      colours[name] = get(name);
    for (const kind of KINDS) colours[kind.id] = {fill: get(kind.id), text: get(kind.id + '-text')};
  }

  const matches = f => !query || f.name.toLowerCase().includes(query) || f.file.toLowerCase().includes(query);
  const visible = f => shown.has(f.kind) && matches(f);

  function layout() {
    const width = stage.clientWidth, height = stage.clientHeight;
    const hierarchy = d3.hierarchy(focus, node => node.children)
        .sum(node => node.fn ? Math.max(1, node.fn.statements) : 0)
        .sort((a, b) => b.value - a.value);
    const roomy = node => node.x1 - node.x0 > 56 && node.y1 - node.y0 > 34;
    // Gaps between functions only where there is room for them.
    const gap = node => (node.x1 - node.x0) * (node.y1 - node.y0) > 2500 ? 1 : 0;
    d3.treemap().size([width, height]).round(true)
        .paddingInner(node => node.data.type === 'file' ? gap(node) : node.children && node.children[0].data.type === 'file' ? 2 : 3)
        .paddingOuter(node => node.data.type === 'file' ? gap(node) : 3)
        .paddingTop(node => node.depth && roomy(node) ? 19 : node.data.type === 'file' ? gap(node) : 3)(hierarchy);
    rects = [];
    rectOf.clear();
    (function place(node) {
      const rect = {x: node.x0, y: node.y0, w: node.x1 - node.x0, h: node.y1 - node.y0, node: node.data, depth: node.depth};
      rect.titled = node.depth > 0 && roomy(node);
      // What is too small to see is drawn as one.
      rect.whole = node.children && node.depth > 0 && (rect.w < 5 || rect.h < 5 || rect.w * rect.h < (node.data.type === 'file' ? 90 : 60));
      rects.push(rect);
      rectOf.set(node.data, rect);
      if (node.children && !rect.whole) for (const child of node.children) place(child);
      else if (node.children) node.each(inner => rectOf.set(inner.data, rect));
    })(hierarchy);
  }

  function size(canvas) {
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.max(1, Math.round(stage.clientWidth * ratio));
    canvas.height = Math.max(1, Math.round(stage.clientHeight * ratio));
    const context = canvas.getContext('2d');
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, stage.clientWidth, stage.clientHeight);
    return context;
  }

  /// The kind that most statements below a node are of.
  function dominant(node) {
    const sum = {};
    let best = null, any = false;
    (function add(at) {
      if (at.fn) {
        sum[at.fn.kind] = (sum[at.fn.kind] || 0) + Math.max(1, at.fn.statements);
        any = any || visible(at.fn);
        if (!best || sum[at.fn.kind] > sum[best]) best = at.fn.kind;
      }
      for (const child of at.children || []) add(child);
    })(node);
    return {kind: best || 'compute', any};
  }

  const widths = new Map();
  function fitted(context, text, room) {
    const letter = 6.4;
    if (text.length * letter * .75 <= room) {
      if (!widths.has(text)) widths.set(text, context.measureText(text).width);
      if (widths.get(text) <= room) return text;
    }
    let keep = Math.floor(room / letter) - 1;
    while (keep > 2 && context.measureText(text.slice(0, keep) + '…').width > room) --keep;
    return keep > 2 ? text.slice(0, keep) + '…' : '';
  }

  /// The last two parts of a name, without template arguments.
  function shortName(f) {
    if (f.name.startsWith('lambda')) return 'lambda';
    let name = f.name;
    if (!name.includes('operator')) for (let before = ''; before !== name;) name = (before = name).replace(/<[^<>]*>/g, '');
    return name.split('::').slice(-2).join('::');
  }

  /// As much of a name as there is room for; the last part says most.
  function fittedName(context, f, room) {
    const parts = shortName(f).split('::');
    for (; parts.length > 1; parts.shift()) {
      const text = fitted(context, parts.join('::'), room);
      if (text && !text.endsWith('…')) return text;
    }
    return fitted(context, parts[0], room);
  }

  function draw() {
    const context = size(map);
    context.textBaseline = 'middle';
    const family = getComputedStyle(document.body).fontFamily;
    for (const rect of rects) {
      const node = rect.node;
      if (rect.w < 1 || rect.h < 1) continue;
      if (node.type === 'function' || rect.whole) {
        const {kind, any} = node.fn ? {kind: node.fn.kind, any: visible(node.fn)} : dominant(node);
        context.globalAlpha = any ? 1 : .13;
        context.fillStyle = colours[kind].fill;
        context.fillRect(rect.x, rect.y, rect.w, rect.h);
        if (kind === 'blocking' && rect.w > 9 && rect.h > 9) hatch(context, rect);
        if (node.fn && rect.w > 34 && rect.h > 13) {
          context.font = '12px ' + family;
          context.fillStyle = colours[kind].text;
          const room = rect.w - 8 - (node.fn.hotSpots.length ? 10 : 0);
          const text = fittedName(context, node.fn, room);
          if (text) context.fillText(text, rect.x + 4, rect.y + Math.min(9, rect.h / 2) + .5);
        }
        if (node.fn && node.fn.hotSpots.length && rect.w > 10 && rect.h > 10) {
          context.fillStyle = colours[kind].text;
          context.beginPath();
          context.arc(rect.x + rect.w - 7, rect.y + 7, 3, 0, 7);
          context.fill();
        }
        context.globalAlpha = 1;
        continue;
      }
      context.fillStyle = rect.depth === 0 ? colours.back : node.type === 'file' ? colours.file :
          rect.depth % 2 ? colours.folder : colours['folder-alt'];
      context.fillRect(rect.x, rect.y, rect.w, rect.h);
      if (rect.depth) {
        context.strokeStyle = colours.line;
        context.lineWidth = 1;
        context.strokeRect(rect.x + .5, rect.y + .5, rect.w - 1, rect.h - 1);
      }
      if (rect.titled) {
        context.font = (node.type === 'folder' ? '600 ' : '') + '12px ' + family;
        context.fillStyle = node.type === 'folder' ? colours.text : colours.soft;
        context.fillText(fitted(context, node.name, rect.w - 10), rect.x + 5, rect.y + 10);
      }
    }
    overlay();
  }

  function hatch(context, rect) {
    context.save();
    context.beginPath();
    context.rect(rect.x, rect.y, rect.w, rect.h);
    context.clip();
    context.globalAlpha *= .28;
    context.strokeStyle = colours.blocking.text;
    context.lineWidth = 1;
    context.beginPath();
    for (let at = -rect.h; at < rect.w; at += 8) {
      context.moveTo(rect.x + at, rect.y + rect.h);
      context.lineTo(rect.x + at + rect.h, rect.y);
    }
    context.stroke();
    context.restore();
  }

  /// The frame around what is selected, and the calls from and to it.
  function overlay() {
    const context = size(lines);
    const frame = (rect, colour, width) => {
      context.strokeStyle = colour;
      context.lineWidth = width;
      context.strokeRect(rect.x + width / 2, rect.y + width / 2, Math.max(1, rect.w - width), Math.max(1, rect.h - width));
    };
    if (hovered && hovered !== focus && rectOf.has(hovered)) frame(rectOf.get(hovered), colours.select, 1.5);
    if (!selected) return;
    const from = rectOf.get(selected.node);
    if (!from) return;
    const middle = rect => [rect.x + rect.w / 2, rect.y + rect.h / 2];
    const curve = (a, b, dashed) => {
      const [x0, y0] = middle(a), [x1, y1] = middle(b);
      if (a === b) return;
      const bend = .18;
      const path = new Path2D(), end = new Path2D();
      path.moveTo(x0, y0);
      path.quadraticCurveTo((x0 + x1) / 2 + (y1 - y0) * bend, (y0 + y1) / 2 - (x1 - x0) * bend, x1, y1);
      end.arc(x1, y1, 4, 0, 7);
      // With an edge: it has to be seen on every colour.
      for (const [colour, width, dash] of [[colours.panel, 5, []], [colours.call, 2.5, dashed ? [6, 5] : []]]) {
        context.strokeStyle = context.fillStyle = colour;
        context.lineWidth = width;
        context.setLineDash(dash);
        context.stroke(path);
        context.setLineDash([]);
        context.fill(end);
      }
    };
    const most = 60;
    for (const callee of selected.calls.slice(0, most)) {
      const to = rectOf.get(functions[callee].node);
      if (to) curve(from, to, false);
    }
    for (const caller of selected.node.calledBy.slice(0, most)) {
      const to = rectOf.get(functions[caller].node);
      if (to) curve(to, from, true);
    }
    frame(from, colours.select, 3);
  }

  function redraw() {
    $('empty').hidden = functions.length > 0;
    layout();
    draw();
    const nav = $('path');
    nav.replaceChildren();
    const steps = [];
    for (let at = focus; at; at = at.parent) steps.unshift(at);
    steps.forEach((node, index) => {
      if (index) nav.append('/');
      nav.append(index + 1 === steps.length ? element('span', {'aria-current': 'location'}, node.name) :
          element('button', {type: 'button', on: () => go(node)}, node.name));
    });
  }

  function go(node) {
    focus = node;
    hovered = null;
    tip.hidden = true;
    redraw();
    say(node.path || node.name);
  }

  const say = text => { $('live').textContent = text; };

  // --- the panel

  function lister(items, make, step) {
    const list = element('ul', {class: 'list'});
    let at = 0;
    const more = element('button', {type: 'button', class: 'back', on: add});
    function add() {
      for (const item of items.slice(at, at + step)) list.append(element('li', {}, make(item)));
      at += step;
      more.textContent = 'Show more (' + (items.length - at).toLocaleString('en') + ')';
      more.hidden = at >= items.length;
    }
    add();
    return [list, more];
  }

  const functionButton = f => element('button', {type: 'button', title: f.file + ':' + f.line, on: () => select(f, true)},
      chip(f.kind), element('span', {}, shortName(f), element('small', {}, f.file + ':' + f.line)));

  function listSpots() {
    selected = null;
    side.replaceChildren();
    if (query) {
      const found = functions.filter(visible);
      side.append(element('h2', {}, plural(found.length, 'function') + ' found'));
      side.append(...lister(found, functionButton, 100));
    } else {
      const open = spots.filter(({fn}) => shown.has(fn.kind));
      side.append(element('h2', {}, plural(open.length, 'hot spot')));
      side.append(element('p', {class: 'soft'}, open.length ? 'Worst first. Each shows its reason and its code.' :
          'Nothing stands out: IO and computing are separate here.'));
      side.append(...lister(open, ({spot, fn}) => element('button', {
        type: 'button', class: 'hot', title: fn.file + ':' + spot.line, on: () => select(fn, true, spot),
      }, chip(fn.kind), element('span', {}, shortName(fn) + ' ', element('span', {class: 'soft'}, SPOT[spot.kind] || spot.kind),
          element('small', {}, fn.file + ':' + spot.line))), 100));
    }
    overlay();
  }

  function showCode(spot) {
    const pre = element('pre', {tabindex: '0', 'aria-label': 'Code'});
    spot.code.lines.forEach((text, index) => {
      const line = spot.code.first + index;
      const inside = line >= spot.line && line <= spot.endLine;
      pre.append(element('span', {'data-line': String(line), class: inside ? 'in' : ''}, text || ' '));
    });
    return pre;
  }

  function select(f, zoom, spot) {
    selected = f;
    // It must be large enough to be seen.
    if (zoom) {
      const rect = rectOf.get(f.node);
      if (!rect || rect.node !== f.node || rect.w < 12 || rect.h < 12) {
        focus = f.node.parent;
        redraw();
      }
    }
    side.replaceChildren(element('button', {type: 'button', class: 'back', on: listSpots}, '← all hot spots'));
    side.append(element('h2', {}, f.name));
    side.append(element('p', {class: 'soft'}, f.file + ':' + f.line));
    side.append(element('p', {}, chip(f.kind), ' ' + kindLabel(f.kind) + (f.coroutine ? ', coroutine' : ', plain function') + ', ' +
        plural(f.statements, 'statement')));
    if (f.coroutine && f.statements) {
      const part = (kind, count) => element('i', {class: kind, style: 'width:' + (100 * count / f.statements) + '%'});
      side.append(element('div', {class: 'bar', role: 'img', 'aria-label': 'Parts'}, part('io', f.io), part('sep', f.separable)));
      side.append(element('p', {class: 'soft'}, f.io + ' IO, ' + (f.statements - f.io - f.separable) + ' needed between, ' +
          f.separable + ' separable'));
    }
    let wanted = null;
    for (const one of f.hotSpots) {
      const box = element('div', {class: 'spot'}, element('div', {class: 'what'}, SPOT[one.kind] || one.kind),
          element('div', {}, one.reason), one.signature ? element('code', {class: 'signature'}, one.signature) : null, showCode(one));
      side.append(box);
      if (one === spot) wanted = box;
    }
    const callees = f.calls.map(index => functions[index]), callers = f.node.calledBy.map(index => functions[index]);
    if (callees.length) side.append(element('h3', {}, 'Calls'), ...lister(callees, functionButton, 40));
    if (callers.length) side.append(element('h3', {}, 'Called by'), ...lister(callers, functionButton, 40));
    side.scrollTop = 0;
    if (wanted && wanted !== side.querySelector('.spot')) wanted.scrollIntoView({block: 'start'});
    overlay();
    say(f.name + ', ' + kindLabel(f.kind));
  }

  // --- pointer and keys

  function hit(x, y) {
    for (let index = rects.length - 1; index > 0; --index) {
      const rect = rects[index];
      if (x >= rect.x && x < rect.x + rect.w && y >= rect.y && y < rect.y + rect.h) return rect.node;
    }
    return null;
  }
  function position(event) {
    const box = map.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }
  map.addEventListener('mousemove', event => {
    const [x, y] = position(event);
    const node = hit(x, y);
    if (node !== hovered) {
      hovered = node;
      overlay();
    }
    tip.hidden = !node;
    map.style.cursor = node ? 'pointer' : '';
    if (!node) return;
    tip.replaceChildren();
    if (node.fn) {
      const f = node.fn;
      tip.append(element('b', {}, f.name), chip(f.kind), ' ' + kindLabel(f.kind) + (f.coroutine ? ', coroutine' : ''),
          element('br'), element('small', {}, f.file + ':' + f.line + ', ' + plural(f.statements, 'statement') +
          (f.hotSpots.length ? ', ' + plural(f.hotSpots.length, 'hot spot') : '')));
    } else {
      tip.append(element('b', {}, node.name), element('small', {}, node.path));
    }
    const right = x + 16 + tip.offsetWidth > stage.clientWidth;
    tip.style.left = Math.max(0, right ? x - 12 - tip.offsetWidth : x + 16) + 'px';
    tip.style.top = Math.max(0, Math.min(y + 16, stage.clientHeight - tip.offsetHeight)) + 'px';
  });
  map.addEventListener('mouseleave', () => {
    hovered = null;
    tip.hidden = true;
    overlay();
  });
  function open(node) {
    if (!node) return;
    if (node.fn) select(node.fn, false);
    else if (node !== focus) go(node);
  }
  map.addEventListener('click', event => open(hit(...position(event))));

  const out = () => { if (focus.parent) go(focus.parent); };

  /// The nearest function or closed folder in a direction.
  function move(dx, dy) {
    const leaves = rects.filter(rect => rect.depth && (rect.node.fn || rect.whole));
    if (!leaves.length) return;
    const from = hovered && rectOf.get(hovered) || selected && rectOf.get(selected.node) || null;
    let best = leaves[0], least = Infinity;
    if (from) {
      const x = from.x + from.w / 2, y = from.y + from.h / 2;
      for (const rect of leaves) {
        if (rect === from) continue;
        const ahead = (rect.x + rect.w / 2 - x) * dx + (rect.y + rect.h / 2 - y) * dy;
        const aside = Math.abs((rect.x + rect.w / 2 - x) * dy) + Math.abs((rect.y + rect.h / 2 - y) * dx);
        if (ahead <= 0) continue;
        const cost = ahead + 2.5 * aside;
        if (cost < least) {
          least = cost;
          best = rect;
        }
      }
      if (least === Infinity) return;
    }
    hovered = best.node;
    if (best.node.fn) select(best.node.fn, false);
    else { overlay(); say(best.node.path); }
  }

  function step(by) {
    const open = spots.filter(({fn}) => visible(fn));
    if (!open.length) return;
    const at = open.findIndex(({fn}) => fn === selected);
    let next = at;
    do next = (next + by + open.length) % open.length; while (open[next].fn === selected && next !== at);
    select(open[next].fn, true, open[next].spot);
  }

  const arrows = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || $('keys').open) return;
    if (event.target === search) {
      if (event.key === 'Escape') { search.value = ''; find(); search.blur(); }
      if (event.key === 'Enter') { const first = functions.find(visible); if (first) select(first, true); }
      return;
    }
    const onMap = event.target === map || event.target === document.body;
    if (arrows[event.key] && onMap) move(...arrows[event.key]);
    else if (event.key === 'Enter' && onMap) {
      const node = hovered || selected && selected.node;
      if (node && node.fn && focus !== node.parent) go(node.parent); else open(node);
    } else if (event.key === 'Backspace' && onMap) out();
    else if (event.key === 'Escape') listSpots();
    else if (event.key === '/') search.focus();
    else if (event.key === 'd') setTheme(dark() ? 'light' : 'dark');
    else if (event.key === 'n') step(1);
    else if (event.key === 'p') step(-1);
    else if (event.key === '?') $('keys').showModal();
    else if (KINDS[Number(event.key) - 1]) toggle(KINDS[Number(event.key) - 1].id);
    else return;
    event.preventDefault();
  });
  function find() {
    query = search.value.trim().toLowerCase();
    draw();
    listSpots();
  }
  search.addEventListener('input', find);
  $('help').addEventListener('click', () => $('keys').showModal());

  // --- dark and light

  const dark = () => document.documentElement.dataset.theme === 'dark';
  function setTheme(name) {
    document.documentElement.dataset.theme = name;
    readColours();
    draw();
  }
  $('theme').addEventListener('click', () => setTheme(dark() ? 'light' : 'dark'));
  document.documentElement.dataset.theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  readColours();
  redraw();
  listSpots();
  new ResizeObserver(redraw).observe(stage);
})();
