/** Trees to measure on: what a GitOps repository of some size looks like, the same at every run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Writes a tree of `files` manifests, of which `servers` name a PostgreSQL, evenly spread. */
export function writeTree(folder: string, files: number, servers: number): void {
  const every = Math.max(1, Math.floor(files / servers));
  for (let i = 0; i < files; i += 1) {
    const server = i % every === 0 && i / every < servers;
    const path = join(
      folder,
      `team-${i % 40}`,
      `app-${Math.floor(i / 40)}`,
      server ? 'database.yaml' : `${kinds[i % kinds.length]?.name}.yaml`,
    );
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, server ? database(`orders-${i}`) : manifest(`app-${i}`, i));
  }
}

/** One manifest of an application that has no database here. */
const manifest = (name: string, i: number): string => kinds[i % kinds.length]?.text(name) ?? '';

const head = (apiVersion: string, kind: string, name: string): string =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  labels:\n    app.kubernetes.io/name: ${name}\n`;

const kinds: readonly { readonly name: string; readonly text: (name: string) => string }[] = [
  {
    name: 'deployment',
    text: name => `${head('apps/v1', 'Deployment', name)}spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
    spec:
      containers:
        - name: ${name}
          image: registry.example/${name}:1.2.3
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: debug
            - name: UPSTREAM
              valueFrom:
                configMapKeyRef:
                  name: ${name}-settings
                  key: upstream
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 256Mi
          readinessProbe:
            httpGet:
              path: /ready
              port: http
`,
  },
  {
    name: 'service',
    text: name => `${head('v1', 'Service', name)}spec:
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - name: http
      port: 80
      targetPort: http
`,
  },
  {
    name: 'configmap',
    text: name => `${head('v1', 'ConfigMap', `${name}-settings`)}data:
  upstream: http://${name}-upstream:8080
  application.yaml: |
    server:
      address: 0.0.0.0
${Array.from({ length: 30 }, (_, i) => `      option${i}: value of option ${i}\n`).join('')}`,
  },
  {
    name: 'ingress',
    text: name => `${head('networking.k8s.io/v1', 'Ingress', name)}spec:
  rules:
    - host: ${name}.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: ${name}
                port:
                  name: http
`,
  },
];

/** A PostgreSQL with its settings, Service, policy and secret reference. */
export const database = (name: string): string => `${head('apps/v1', 'StatefulSet', name)}spec:
  serviceName: ${name}
  replicas: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
    spec:
      containers:
        - name: postgres
          image: postgres:17.2
          args: ["-c", "config_file=/etc/postgresql/postgresql.conf"]
          ports:
            - containerPort: 5432
          env:
            - name: PGDATA
              value: /var/lib/postgresql/data/pgdata
            - name: POSTGRES_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: ${name}-login
                  key: password
          resources:
            requests:
              memory: 1Gi
            limits:
              memory: 1Gi
          volumeMounts:
            - name: data
              mountPath: /var/lib/postgresql/data
            - name: settings
              mountPath: /etc/postgresql
      volumes:
        - name: settings
          configMap:
            name: ${name}-settings
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 20Gi
---
${head('v1', 'ConfigMap', `${name}-settings`)}data:
  postgresql.conf: |
    listen_addresses = '*'
    shared_buffers = 256MB
    work_mem = 4MB
    max_connections = 100
---
${head('v1', 'Service', name)}spec:
  clusterIP: None
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - port: 5432
`;
