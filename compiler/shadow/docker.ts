import { Diagnostic } from "../diagnostic.ts";

/** A PostgreSQL server in a container of our own. */
export interface Container {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts an image of PostgreSQL by testcontainers, which removes the container even when this process is killed.
 * @throws Diagnostic `testcontainers-missing`, `docker-missing`, `container-failed`
 */
export async function startContainer(image: string): Promise<Container> {
  const { GenericContainer, Wait } = await loadTestcontainers();
  await requireDocker();
  const password = "verso";
  try {
    const container = await new GenericContainer(image)
      .withEnvironment({ POSTGRES_PASSWORD: password, POSTGRES_INITDB_ARGS: "--locale=C --encoding=UTF8 --no-sync" })
      .withCommand(["postgres", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"])
      .withExposedPorts(5432)
      // The image starts the server twice; the first one is for its own set-up.
      .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2))
      .start();
    const url = `postgres://postgres:${password}@${container.getHost()}:${container.getMappedPort(5432)}/postgres`;
    return {
      url,
      close: async () => {
        await container.stop();
      },
    };
  } catch (error) {
    throw new Diagnostic(
      {
        code: "container-failed",
        what: `the image ${image} could not be started`,
        why: error instanceof Error ? error.message : String(error),
        next: "try `docker run --rm -e POSTGRES_PASSWORD=x <image>` to see what it says",
      },
      error,
    );
  }
}

/** Whether containers can be started here; quick when they cannot. */
export async function hasDocker(): Promise<boolean> {
  try {
    const { getContainerRuntimeClient } = await import("testcontainers");
    await getContainerRuntimeClient();
    return true;
  } catch {
    return false;
  }
}

async function requireDocker(): Promise<void> {
  if (await hasDocker()) return;
  throw new Diagnostic({
    code: "docker-missing",
    what: "there is no Docker engine here",
    next: "start Docker, or use another shadow: `embedded`, `binary:18`, `postgres://…`",
  });
}

async function loadTestcontainers(): Promise<typeof import("testcontainers")> {
  try {
    return await import("testcontainers");
  } catch (error) {
    throw new Diagnostic(
      {
        code: "testcontainers-missing",
        what: "a shadow in Docker needs the package testcontainers, which is not installed",
        next: "npm install --save-dev testcontainers@11",
      },
      error,
    );
  }
}
