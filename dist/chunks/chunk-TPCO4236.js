import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);
function linesOf(text){let starts=[0];for(let at=text.indexOf(`
`);at>=0;at=text.indexOf(`
`,at+1))starts.push(at+1);return{count:starts.length,position(offset){let wanted=Math.min(Math.max(offset,0),text.length),low=0,high=starts.length-1;for(;low<high;){let middle=low+high+1>>1;(starts[middle]??0)<=wanted?low=middle:high=middle-1}return{line:low+1,column:wanted-(starts[low]??0)+1}},range(line){let start=starts[line-1]??text.length,next=starts[line]??text.length+1,end=Math.max(start,next-1);return{start,end:text[end-1]==="\r"&&end>start?end-1:end}}}}export{linesOf};
