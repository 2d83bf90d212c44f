/** Servers that compose services and Dockerfiles declare. */
import { containerFiles, type ContainerFile, type ContainerFiles, joinPath } from '../container-files.ts';
import type { Config } from '../config.ts';
import type { Dockerfile } from '../formats/dockerfile.ts';
import { parseShell, scriptOf } from '../formats/shell.ts';
import type { Container, Volume } from '../kubernetes/workload.ts';
import type { LintInput } from '../lint.ts';
import { resolvePath } from '../paths.ts';
import { isServerImage, type ServerImage, serverImage } from '../postgres/images.ts';
import type { Script } from '../scripts.ts';
import { type TextRegion, wholeSource } from '../text-region.ts';
import { absent, known, type Source } from '../types.ts';
import type { ComposeService } from './compose.ts';
import type { DeclaredServer } from './declared.ts';
import { certaintyOf } from './kubernetes.ts';

/** The image that a Dockerfile builds, when its last stage stands on a PostgreSQL server image. */
export function dockerfileImage(dockerfile: Dockerfile, config: Config): ServerImage | undefined {
  const stage = dockerfile.stages.at(-1);
  if (stage === undefined || !isServerImage(stage.base.value)) return undefined;
  return { ...serverImage(known(stage.base.value, stage.base.at), stage.base.at, config.images), exact: false };
}
