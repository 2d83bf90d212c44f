/** What kustomizations give to objects without a patch: tags of images and numbers of replicas. */
import { directoryOfPath, resolvePath } from '../paths.ts';
import { unknown } from '../types.ts';
import { type MapNode, getItems, getText } from '../yaml/node.ts';
import type { DeclaredServer } from './declared.ts';

/**
 * A server whose image or replicas are named by some kustomization that takes its file in: these are unknown then, since
 * which build is meant is not known. Others stay as they are.
 */
export function withOverrides(declared: DeclaredServer, kustomizations: readonly MapNode[]): DeclaredServer {
  const { image } = declared;
  const builds = kustomizations.filter(root => takes(root, declared.at.path, kustomizations, new Set()));
  const names = (key: string) => builds.flatMap(root => getItems(root, key).map(item => getText(item, 'name')));
  const written = image.reference.state === 'known' ? image.reference.value.replace(/@.*$|:[^/:]*$/g, '') : undefined;
  const isRetagged = written !== undefined && names('images').includes(written);
  return {
    ...declared,
    image: isRetagged
      ? { ...image, reference: unknown(REASON, image.at), major: unknown(REASON, image.at), minor: undefined }
      : image,
    replicas: names('replicas').includes(declared.name) ? unknown(REASON, declared.at) : declared.replicas,
  };
}

const REASON = 'a kustomization sets it';

/** Whether a kustomization lists a file, by itself or through the folders that it lists. */
function takes(root: MapNode, file: string, all: readonly MapNode[], seen: Set<MapNode>): boolean {
  if (seen.has(root)) return false;
  seen.add(root);
  const directory = directoryOfPath(root.path);
  return ['resources', 'bases', 'components'].some(key =>
    getItems(root, key).some(item => {
      const path = item.kind === 'scalar' ? resolvePath(directory, item.text) : undefined;
      return path === file || all.some(k => directoryOfPath(k.path) === path && takes(k, file, all, seen));
    }),
  );
}
