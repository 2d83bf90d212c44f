import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);
var rank={error:3,warning:2,info:1};function atLeast(severity,least){return rank[severity]>=rank[least]}function rulePage(areas,rule){let area=areas[rule];return`https://github.com/tusklint/tusklint/blob/main/rules/${area===void 0?"README":`${area}/${rule}`}.md`}export{atLeast,rulePage};
