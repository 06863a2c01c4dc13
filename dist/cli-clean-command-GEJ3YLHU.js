#!/usr/bin/env node
import{createRequire as $cr}from'node:module';const require=$cr(import.meta.url);
import{d as t}from"./cli-chunk-WYCEMILY.js";import{l as r,r as a}from"./cli-chunk-5FZAFDZT.js";import"./cli-chunk-4V7B6T4X.js";import"./cli-chunk-2KYZBKFE.js";import"./cli-chunk-WLX2SICQ.js";import"./cli-chunk-4X2OSHY4.js";import"./cli-chunk-RE3GO5MJ.js";import"./cli-chunk-SXEQ66NK.js";import{d as i}from"./cli-chunk-4L6CW7ZV.js";import"./cli-chunk-S7D6A4P5.js";async function v(s){let{value:o,interrupted:n}=await a(!1,async e=>(await r(e),{...await t(e),folders:await i()})),m=Object.entries(o).map(([e,d])=>`${d} ${e}`).join(", ");process.stdout.write(s.json?`${JSON.stringify({removed:o})}
`:`Removed ${m}.
`),n!==void 0&&(process.exitCode=n)}export{v as cleanCommand};
