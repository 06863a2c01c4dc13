#!/usr/bin/env node
import{createRequire as $cr}from'node:module';const require=$cr(import.meta.url);
import{a as O,b as S}from"./cli-chunk-C6T25N3I.js";import{c as k,d as x}from"./cli-chunk-WJTUB3P6.js";import"./cli-chunk-PWA5ZRLD.js";import{a as P}from"./cli-chunk-RRYGLOBT.js";import{a as v}from"./cli-chunk-4X2OSHY4.js";import{b as g}from"./cli-chunk-RE3GO5MJ.js";import{a as F,c as j}from"./cli-chunk-4L6CW7ZV.js";import{e as m}from"./cli-chunk-S7D6A4P5.js";var a=m(F(),1);var E=m(k(),1);var T="https://unpkg.com/crac-bake/schema/crac-bake.schema.json";var h=e=>(0,E.stringify)(e).trim();function C(e){return`${[`# yaml-language-server: $schema=${T}
# Options of crac-bake bake: every option is a key here. Flags and CRAC_BAKE_\u2026 variables win over this file.`,"context: .",`# Guessed from ${e.nameFrom}.
tags:
  - ${h(`${e.name}:crac`)}`,...B(e),...G(e),..._(e),...q(e),...U(e)].join(`

`)}
`}function B({outline:e}){return e.stages.length<2?[]:[`# The last stage is built. Stages with a name: ${e.stages.join(", ")}.
# target: ${h(e.stages.at(-1)??"")}`]}function G({outline:e}){let t=[...e.arguments].map(([n,r])=>`#   ${n}: ${h(r)}`);return t.length===0?[]:[`# The Dockerfile\u2019s build arguments with their defaults.
# build-args:
${t.join(`
`)}`]}function _({image:e,spring:t}){if(/https?:\/\//.test(e.healthCheck))return["# When it is ready: the URL in the Dockerfile\u2019s HEALTHCHECK answers."];if(e.healthCommand.length>0)return[`# When it is ready: the Dockerfile\u2019s HEALTHCHECK passes.
ready: health`];let n=e.ports[0];return t?.actuator?[`# Guessed: Spring Boot\u2019s actuator is among the dependencies${t.portIsSet||n===t.port?"":", on Spring\u2019s default port"}.
ready: http:${t.managementPort}${t.healthPath}`,...Y(t.port,n)]:t!==void 0&&n===void 0?[`# Guessed: ${t.portIsSet?"the port of Spring\u2019s configuration":"Spring\u2019s default port"}; the Dockerfile exposes none.
ready: http:${t.port}/
ready-status: 200-499`]:n===void 0?[`# When it is ready: nothing in the folder says. http:PORT/PATH, tcp:PORT, log:PATTERN, exec:COMMAND or health.
# ready: http:8080/`]:[`# When it is ready: port ${n} of EXPOSE answers. A path is more exact:
# ready: http:${n}/`]}function Y(e,t){return t===void 0||t===e?[]:[`# Guessed: Spring\u2019s port takes the requests, not the first of EXPOSE (${t}).
port: ${e}`]}function q({spring:e}){return[`# The requests of production, so that the JIT compiles what they need. ${e?.actuator?"Without them only the health check is asked, which warms little of the app up.":"Without them the path of the HTTP probe is asked."}
# warmup-requests:
#   - GET /`]}function U({composeFile:e}){return e===void 0?[]:[`# Services that the app needs at its start. The file must not start the app itself, nor bind fixed host ports.
# services: ${h(e)}`]}var c=m(F(),1),A=m(k(),1);function D(e){let{stages:t,defaults:n}=S(e),r=t.flatMap(({instructions:o})=>o).filter(o=>["COPY","ADD"].includes(o.getKeyword())).filter(o=>!o.getFlags().some(i=>i.getName()==="from")).map(o=>o.getArguments().map(i=>i.getValue()));return{stages:t.flatMap(({name:o})=>o??[]),arguments:n,copied:r.flatMap(o=>o.slice(0,-1))}}var K=["compose.yaml","compose.yml","docker-compose.yaml","docker-compose.yml"];async function M(e,t){let n=await e.list(t),r=async(...l)=>e.readText((0,c.join)(t,...l)).catch(()=>"");if(!n.includes("Dockerfile"))throw new g("usage","options",`There is no Dockerfile in ${t}`,{remedy:"Run init where the Dockerfile is. For an image that exists no file is needed: crac-bake bake --image IMAGE --tag NAME:TAG."});let o=await r("Dockerfile"),i=D(o),s=`${await r("pom.xml")}
${await r("build.gradle")}
${await r("build.gradle.kts")}`,p=await J(r),f=[...await I(e,t,"target"),...await I(e,t,(0,c.join)("build","libs"))],d=p.get("spring.application.name");return{name:Q(d??(0,c.basename)((0,c.resolve)(t))),nameFrom:d===void 0?"the folder\u2019s name":"spring.application.name",image:O(o),outline:i,spring:/org\.springframework\.boot/.test(s)?X(p,/spring-boot-starter-actuator/.test(s)):void 0,build:z(n,i),jar:f[0],composeFile:K.find(l=>n.includes(l))}}async function I(e,t,n){return(await e.list((0,c.join)(t,n))).filter(r=>r.endsWith(".jar")&&!r.endsWith("-plain.jar")).map(r=>(0,c.join)(n,r))}async function J(e){let t=["src","main","resources"],n=new Map;for(let r of["application.yaml","application.yml"])N("",V(await e(...t,r)),n);for(let r of(await e(...t,"application.properties")).split(`
`)){let[,o,i]=/^\s*([\w.-]+)\s*[=:]\s*(.*?)\s*$/.exec(r)??[];o!==void 0&&i!==void 0&&n.set(o,i)}return n}function V(e){try{return(0,A.parse)(e.split(/^---$/m)[0]??"")}catch{return}}function N(e,t,n){if(typeof t!="object"||t===null){e!==""&&t!==void 0&&t!==null&&n.set(e,String(t));return}for(let[r,o]of Object.entries(t))N(e===""?r:`${e}.${r}`,o,n)}function X(e,t){let n=s=>Number(/^\$\{[^:}]+:(\d+)\}$/.exec(e.get(s)??"")?.[1]??e.get(s))||void 0,r=n("server.port"),o=e.get("management.endpoints.web.base-path")??"/actuator",i=n("management.server.port")===void 0?e.get("server.servlet.context-path")??"":"";return{actuator:t,port:r??8080,portIsSet:r!==void 0,managementPort:n("management.server.port")??r??8080,healthPath:`${i}${o}/health`.replace(/\/{2,}/g,"/")}}function z(e,{copied:t}){let n=r=>t.some(o=>o.replace(/^\.?\//,"").startsWith(r));if(e.includes("pom.xml")&&n("target"))return e.includes("mvnw")?"maven-wrapper":"maven";if(e.some(r=>r.startsWith("build.gradle"))&&n("build"))return e.includes("gradlew")?"gradle-wrapper":"gradle"}function Q(e){return e.toLowerCase().replace(/[^a-z0-9]+/g,"-").replace(/^-+|-+$/g,"")||"app"}var W=m(k(),1);var R={maven:["mvn -B -ntp -DskipTests package","COPY of the Dockerfile from target/"],"maven-wrapper":["./mvnw -B -ntp -DskipTests package","COPY of the Dockerfile from target/"],gradle:["gradle --no-daemon assemble","COPY of the Dockerfile from build/"],"gradle-wrapper":["./gradlew --no-daemon assemble","COPY of the Dockerfile from build/"]},$=e=>(0,W.stringify)(e,{lineWidth:0}).trim();function L(e,t,n){let r=t==="."?"":`
        working-directory: ${$(t)}`,o=e.build===void 0?[]:[`      # Guessed from the ${R[e.build][1]}; the Java version as well.
      - uses: actions/setup-java@v5
        with: {distribution: temurin, java-version: "21"}
      - run: ${$(R[e.build][0])}${r}`],i=`npx --yes crac-bake@${n} bake ${v(t)}`;return`name: crac-bake

on:
  push:
    branches: [main]
  workflow_dispatch:

permissions:
  contents: read

jobs:
  image:
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    steps:
      - uses: actions/checkout@v6
        with: {persist-credentials: false}
${[...o,`      - run: ${$(i)}`].join(`
`)}
      # The image is on the runner now. To push it: docker login, then docker push ${e.name}:crac under the name of your registry.
`}async function H({files:e,folder:t,cwd:n,force:r,version:o}){let i=(0,a.resolve)(n,t),s=await M(e,i),p=await Z(e,i),[f="",d=""]=x.map(u=>(0,a.join)(i,u)),l=await e.exists(d)&&!await e.exists(f)?d:f,y=(0,a.join)(p,".github","workflows","crac-bake.yml"),b=u=>(0,a.relative)(n,u)||".",w=[];for(let u of[l,y])await e.exists(u)&&w.push(b(u));if(w.length>0&&!r)throw new g("usage","options",`There is already ${w.join(" and ")}`,{remedy:"crac-bake init --force overwrites."});return await e.write(l,C(s)),await e.write(y,L(s,(0,a.relative)(p,i)||".",o)),{found:s,files:[b(l),b(y)]}}async function Z(e,t){for(let n=t;;n=(0,a.dirname)(n)){if(await e.exists((0,a.join)(n,".git")))return n;if(n===(0,a.dirname)(n))return t}}async function ve(e,t){let n=await H({files:j,folder:e??".",cwd:process.cwd(),force:t.force===!0,version:P});if(t.json){process.stdout.write(`${JSON.stringify({version:1,files:n.files},null,2)}
`);return}let{spring:r,build:o,composeFile:i}=n.found,s=["a Dockerfile",...r===void 0?[]:[r.actuator?"Spring Boot with actuator":"Spring Boot"],...o===void 0?[]:[o.replace("-wrapper","")],...i===void 0?[]:[i]];process.stdout.write(`Found ${s.join(", ")}.
${n.files.map(p=>`Wrote ${p}
`).join("")}Next: crac-bake bake ${e??""}`.trimEnd()),process.stdout.write(`
`)}export{ve as initCommand};
