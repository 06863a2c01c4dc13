#!/usr/bin/env node
import{createRequire as $cr}from'node:module';const require=$cr(import.meta.url);
import{a as u}from"./cli-chunk-CJULZ2E6.js";import{g as d,j as g}from"./cli-chunk-FKGEOKVL.js";import"./cli-chunk-VF5AUM23.js";import"./cli-chunk-WJTUB3P6.js";import{a as l}from"./cli-chunk-PWA5ZRLD.js";import{a as f}from"./cli-chunk-WLX2SICQ.js";import"./cli-chunk-RE3GO5MJ.js";import"./cli-chunk-4L6CW7ZV.js";import"./cli-chunk-S7D6A4P5.js";async function N(t,s,e){let{file:i,settings:h,options:p}=await d(u(e,t)),m=Object.keys(l).filter(n=>n!=="json"&&n!=="config").map(n=>{let{source:o,where:r}=h[n];return{name:n,value:g(n,p),source:o,where:r}});if(p.json){process.stdout.write(`${JSON.stringify({version:1,file:i?.path??null,options:m},null,2)}
`);return}let a=m.map(({name:n,value:o,source:r,where:w})=>[n,y(o),w||r]),c=[0,1].map(n=>Math.max(...a.map(o=>Math.min(60,o[n]?.length??0)))),j=a.map(([n,o,r])=>`${n.padEnd(c[0]??0)}  ${o.padEnd(c[1]??0)}  ${r}`);process.stdout.write(f(`Config file: ${i?.name??"none"}

${j.join(`
`)}
`))}function y(t){if(t===null||t==="")return"\u2013";if(Array.isArray(t))return t.length===0?"\u2013":t.join(", ").replace(/\s+/g," ");if(typeof t=="object"){let s=Object.entries(t).map(([e,i])=>`${e}=${i}`);return s.length===0?"\u2013":s.join(", ").replace(/\s+/g," ")}return String(t)}export{N as configCommand};
