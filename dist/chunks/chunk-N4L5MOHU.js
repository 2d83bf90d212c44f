import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);
var UsageError=class extends Error{name="UsageError"};export{UsageError};
