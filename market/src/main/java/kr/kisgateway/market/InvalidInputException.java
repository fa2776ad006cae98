package kr.kisgateway.market;

/** A malformed text. Its message is a complete sentence with the remedy, suitable for display to its author. */
public final class InvalidInputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String code;
    private final String problem;
    private final String remedy;

    /**
     * @param code in capitals, such as {@code INVALID_SYMBOL}
     * @param problem what is wrong
     * @param remedy what to write instead
     */
    public InvalidInputException(String code, String problem, String remedy) {
        super(code + ": " + problem + ". " + remedy);
        this.code = code;
        this.problem = problem;
        this.remedy = remedy;
    }

    public String code() {
        return code;
    }

    public String problem() {
        return problem;
    }

    public String remedy() {
        return remedy;
    }

    /** Always false: the same text is wrong on every attempt. */
    public boolean retryable() {
        return false;
    }

    /** {@code text} in quotes, shortened, without characters that would break a line or a terminal. */
    public static String quoted(String text) {
        return text.codePoints()
                        .filter(c -> !Character.isISOControl(c))
                        .limit(40)
                        .collect(() -> new StringBuilder("'"), StringBuilder::appendCodePoint, StringBuilder::append)
                + "'";
    }
}
