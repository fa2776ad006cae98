package kr.kisgateway.client.settings;

/** Where the value of a setting was found, the strongest last. */
public enum Origin {
    DEFAULT("default"),
    FILE("gateway.yaml"),
    DOT_ENV(".env"),
    ENVIRONMENT("environment"),
    COMMAND_LINE("command line");

    private final String label;

    Origin(String label) {
        this.label = label;
    }

    /** How it is displayed. */
    public String label() {
        return label;
    }
}
