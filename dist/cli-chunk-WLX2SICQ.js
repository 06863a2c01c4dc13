#!/usr/bin/env node
import{createRequire as $cr}from'node:module';const require=$cr(import.meta.url);
function e(x){return x.replace(/(?:\x1b\[|\x9b)[0-9;:<=>?]*[ -/]*[@-~]/g,"").replace(/(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)/g,"").replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g," ").replace(/^(\s*):(?=:)/gm,"$1: ").replaceAll("##[","# #[")}export{e as a};
