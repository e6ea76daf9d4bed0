import { isGrpcServiceError } from '@temporalio/client';

/** NOT_FOUND of gRPC. */
const NOT_FOUND = 5;

/** Whether a server answered that it has no such thing. */
export const isNotFound = (error: unknown): boolean => isGrpcServiceError(error) && error.code === NOT_FOUND;
