import{createRequire as nodeRequire}from'node:module';const require=nodeRequire(import.meta.url);
import{a,b}from"./chunk-VZZJX3PV.js";import"./chunk-NJ74OBOU.js";import"./chunk-B3JF2D6Q.js";import"./chunk-SUYIKYJP.js";import"./chunk-ARHRSMQB.js";import"./chunk-FMMY2F65.js";import"./chunk-OC3FZAC6.js";export{a as readConfig,b as wrong};
