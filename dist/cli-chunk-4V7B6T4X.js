#!/usr/bin/env node
import{createRequire as $cr}from'node:module';const require=$cr(import.meta.url);
import{a as r,c as i}from"./cli-chunk-S7D6A4P5.js";var o=i((p,e)=>{e.exports=r("node:fs")});export{o as a};
