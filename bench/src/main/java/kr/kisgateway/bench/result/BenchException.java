package kr.kisgateway.bench.result;

/** The measurement failed; the message gives the reason. */
public class BenchException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BenchException(String message) {
        super(message);
    }

    public BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
