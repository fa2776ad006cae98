package kr.kisgateway.client.settings;

/** A program that reads settings. */
public enum Reader {
    /** {@code ./kis run} and the commands on its data. */
    GATEWAY("gateway"),
    /** Programs that use the SDK: {@code Kis.connect}, {@code MarketData.connect}. */
    SDK("SDK"),
    /** The simulator inside the gateway. {@code ./kis simulator} has its own options. */
    SIMULATOR("embedded simulator"),
    /** The operator commands, such as {@code ./kis orders}; from the environment only. */
    CLI("CLI"),
    /** The script {@code ./kis} itself; from the environment only. */
    LAUNCHER("launcher");

    private final String label;

    Reader(String label) {
        this.label = label;
    }

    /** Its name in documents. */
    public String label() {
        return label;
    }
}
