package kr.kisgateway.client.settings;

/** The origin of a setting's value, the strongest last. */
public enum Origin {
    DEFAULT("default"),
    FILE("gateway.yaml"),
    SECRETS("./kis secrets"),
    DOT_ENV(".env"),
    ENVIRONMENT("environment"),
    COMMAND_LINE("command line");

    private final String label;

    Origin(String label) {
        this.label = label;
    }

    /** Its displayed name. */
    public String label() {
        return label;
    }
}
