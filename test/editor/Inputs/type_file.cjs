// type_file.cjs FILE SERVER PLAIN: types FILE into two language servers at once, letter by letter, through the client library of Visual
// Studio Code, cuts and pastes at random places, and compares how much time each takes. PLAIN is clangd without our checks.
'use strict';
const {spawn} = require('child_process');
const fs = require('fs');
const path = require('path');
const {pathToFileURL} = require('url');
const lsp = require('vscode-languageserver-protocol/node');

const [file, ...programs] = process.argv.slice(2);
const text = fs.readFileSync(file, 'utf8');
const uri = pathToFileURL(path.resolve(file)).toString();

class Server {
  constructor(program) {
    this.process = spawn(program, ['--background-index=false', '--log=error', '-j=1'], {cwd: path.dirname(file), stdio: ['pipe', 'pipe', 'ignore']});
    this.process.on('exit', (code, signal) => { this.ended = signal || code; });
    this.connection = lsp.createProtocolConnection(new lsp.StreamMessageReader(this.process.stdout), new lsp.StreamMessageWriter(this.process.stdin));
    this.connection.onNotification(lsp.PublishDiagnosticsNotification.type, found => {
      if (found.uri === uri && found.version === this.version) this.answer?.(found.diagnostics);
    });
    this.connection.listen();
    this.version = 0;
    this.elapsed = 0;
  }

  async start(content) {
    await this.connection.sendRequest(lsp.InitializeRequest.type, {
      processId: process.pid, rootUri: null, workspaceFolders: null,
      capabilities: {textDocument: {publishDiagnostics: {relatedInformation: true, codeActionsInline: true}, codeAction: {
        codeActionLiteralSupport: {codeActionKind: {valueSet: ['quickfix']}}}}},
    });
    await this.connection.sendNotification(lsp.InitializedNotification.type, {});
    this.content = '';
    const told = this.next();
    await this.connection.sendNotification(lsp.DidOpenTextDocumentNotification.type,
      {textDocument: {uri, languageId: 'cpp', version: this.version, text: content}});
    this.content = content;
    return told;
  }

  /// The diagnostics of the next version; a server that does not answer fails the test.
  next() {
    ++this.version;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer for version ${this.version}`)), 60000);
      this.answer = diagnostics => { clearTimeout(timer); resolve(diagnostics); };
    });
  }

  position(offset) {
    const lines = this.content.slice(0, offset).split('\n');
    return {line: lines.length - 1, character: lines[lines.length - 1].length};
  }

  /// One edit as an editor sends it, and what is said of the result.
  async replace(from, to, by) {
    const range = {start: this.position(from), end: this.position(to)};
    const told = this.next();
    const begin = process.hrtime.bigint();
    await this.connection.sendNotification(lsp.DidChangeTextDocumentNotification.type,
      {textDocument: {uri, version: this.version}, contentChanges: [{range, text: by}], wantDiagnostics: true});
    this.content = this.content.slice(0, from) + by + this.content.slice(to);
    const diagnostics = await told;
    this.elapsed += Number(process.hrtime.bigint() - begin) / 1e9;
    return diagnostics;
  }

  /// Processor time, which other programs on the machine do not change.
  seconds() {
    const fields = fs.readFileSync(`/proc/${this.process.pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  async stop() {
    await this.connection.sendRequest(lsp.ShutdownRequest.type);
    const ended = new Promise(resolve => this.process.on('exit', (code, signal) => resolve(signal || code)));
    await this.connection.sendNotification(lsp.ExitNotification.type);
    return ended;
  }
}

const ours = diagnostics => diagnostics.filter(d => String(d.code).startsWith('coro-'))
  .map(d => `${d.code}:${d.range.start.line + 1}`).sort();

(async () => {
  // Everything up to here is the preamble, which is parsed anew whenever it changes.
  const start = text.indexOf('task<> tick');
  const servers = programs.map(program => new Server(program));
  for (const server of servers) await server.start(text.slice(0, start));
  const [server, ...others] = servers;
  // Both get the same edits in turn, and what else the machine does slows both; when it disturbed one of them, once more.
  const pace = 8;
  let ratio = Infinity, told = 0;
  for (let round = 0; others.length && ratio > 1.1 && round < 3; ++round) {
    const before = servers.map(one => [one.seconds(), one.elapsed]);
    for (let at = start, edit = 0; at < text.length; at += pace, ++edit)
      for (const one of edit % 2 ? servers : [...servers].reverse()) {
        const found = ours(await one.replace(at, at, text.slice(at, at + pace)));
        if (one !== server && found.length) throw new Error('clangd has our checks');
      }
    const [spent, waited] = [0, 1].map(which => servers.map((one, i) => [one.seconds(), one.elapsed][which] - before[i][which]));
    ratio = spent[0] / spent[1];
    console.log(`time beside clangd: ${ratio.toFixed(2)} of its processor time, ${(waited[0] / waited[1]).toFixed(2)} of its time to ` +
                `diagnostics (${(1000 * spent[0] / Math.ceil((text.length - start) / pace)).toFixed(0)} ms of processor time an edit)`);
    for (const one of servers) await one.replace(start, text.length, '');
  }
  if (others.length) console.log(ratio <= 1.1 ? 'as quick as clangd' : 'slower than clangd');
  for (let at = start; at < text.length; ++at) {
    const from = server.content.length;
    if (ours(await server.replace(from, from, text[at])).length) ++told;
  }
  console.log(`typed ${text.length - start} letters, ${told} times with our diagnostics`);
  // A generator of its own, so that each run is the same one.
  let seed = 1;
  const random = limit => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 2147483648 * limit); };
  for (let cut = 0; cut < 20; ++cut) {
    const from = start + random(text.length - start), to = Math.min(text.length, from + 1 + random(60));
    const piece = text.slice(from, to);
    await server.replace(from, to, '');
    const at = start + random(server.content.length - start);
    await server.replace(at, at, piece);
    await server.replace(start, server.content.length, text.slice(start));
  }
  console.log('cut and pasted 20 times');
  const last = await server.replace(text.length, text.length, '\n');
  console.log('at the end:', ours(last).join(' '));
  const finding = last.find(d => d.code === 'coro-missing-await');
  const related = last.find(d => d.code === 'coro-lock-across-suspend').relatedInformation || [];
  console.log('related:', related.map(r => `${r.location.range.start.line + 1}: ${r.message}`).join(' | '));
  const actions = await server.connection.sendRequest(lsp.CodeActionRequest.type,
    {textDocument: {uri}, range: finding.range, context: {diagnostics: [finding], only: ['quickfix']}});
  console.log('quick fix:', actions.map(a => JSON.stringify(a.edit ? Object.values(a.edit.changes)[0][0].newText : a.title)).join(' '));
  const codes = [];
  for (const s of servers) codes.push(await s.stop());
  console.log('ended with', codes.join(' '));
  process.exit(0);
})().catch(error => { console.error(error); process.exit(1); });
