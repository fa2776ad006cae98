package kr.kisgateway.cli;

/** The operator's token: it comes from the environment and leaves in one header only. */
record OperatorToken(String text) {
    @Override
    public String toString() {
        return "***";
    }
}
