package kr.kisgateway.client.fetch;

/** What became of a {@link Fetcher}. */
public sealed interface FetchResult {
    /** The server answered; with what status is the caller's business. */
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

        /** The whole body; the caller may keep it, nobody else has it. */
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

    /** Why there is none. */
    enum FailureKind {
        /** No connection, or it broke. */
        CONNECTION,
        /** The server's certificate cannot be trusted, or no common cipher was found. */
        TLS,
        /** The whole answer was not there in time. */
        TIMEOUT,
        /** The body is larger than anything that is expected. */
        TOO_LARGE
    }
}
