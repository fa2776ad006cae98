package kr.kisgateway.client.fetch;

/** The outcome of a {@link Fetcher}. */
public sealed interface FetchResult {
    /** The server answered; the caller evaluates the status. */
    final class Answered implements FetchResult {
        private final int status;
        private final byte[] body;

        Answered(int status, byte[] body) {
            this.status = status;
            this.body = body;
        }

        /** The HTTP status. */
        public int status() {
            return status;
        }

        /** The complete body; the caller may keep it, it is not shared. */
        public byte[] body() {
            return body;
        }
    }

    /**
     * There is no answer.
     *
     * @param cause one sentence without headers or query
     */
    record Failed(FailureKind kind, String cause) implements FetchResult {}

    /** Why there is no answer. */
    enum FailureKind {
        /** No connection, or it broke. */
        CONNECTION,
        /** The server's certificate cannot be trusted, or no common cipher was found. */
        TLS,
        /** The answer was not complete in time. */
        TIMEOUT,
        /** The body is larger than expected. */
        TOO_LARGE
    }
}
