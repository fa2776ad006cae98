package kr.kisgateway.cli;

import picocli.CommandLine.Option;

/** The option {@code --yes}, or the one question at a terminal, before something is traded. */
final class Confirmation {
    /** Why a command without a terminal and without {@code --yes} sends nothing. */
    static final String MISSING = "This needs a confirmation at a terminal, or --yes";

    @Option(names = "--yes", description = "no confirmation prompt, for scripts")
    private boolean yes;

    /** Whether there is a way to confirm. */
    boolean isPossible(CommandEnvironment process) {
        return yes || process.prompt().isPresent();
    }

    /** Whether the operator confirms; prompts only without {@code --yes}. */
    boolean isGiven(CommandEnvironment process, String question) {
        return yes || process.prompt().map(prompt -> prompt.test(question)).orElse(false);
    }
}
