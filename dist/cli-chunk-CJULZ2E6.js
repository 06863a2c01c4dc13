#!/usr/bin/env node
import{createRequire as $cr}from'node:module';const require=$cr(import.meta.url);
import{e as i,f}from"./cli-chunk-VF5AUM23.js";import{b as r}from"./cli-chunk-RE3GO5MJ.js";import{c as s}from"./cli-chunk-4L6CW7ZV.js";function a(n,o){let e=i(n);if(o!==void 0&&e.context!==void 0)throw new r("usage","options","The build context is given twice, as an argument and by --context");return{flags:o===void 0?e:{...e,context:o},noConfig:f(n),environment:process.env,cwd:process.cwd(),files:s}}export{a};
