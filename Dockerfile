# The command line in a container: docker run --rm -v "$PWD:/work:ro" ghcr.io/ordinal-dev/ordinal lint
# It is built of the npm package, which `npm run package` writes: see .github/workflows/release.yaml.
FROM node:22.22-alpine3.23 AS package
WORKDIR /package
COPY dist/ordinal-*.tgz ordinal.tgz
RUN tar -xzf ordinal.tgz --strip-components=1 && rm ordinal.tgz

# Without a shell or a package manager. `nonroot` is user 65532.
FROM gcr.io/distroless/nodejs22-debian12:nonroot
COPY --from=package /package /ordinal
WORKDIR /work
USER 65532
ENTRYPOINT ["/nodejs/bin/node", "/ordinal/cli.cjs"]
CMD ["lint"]
