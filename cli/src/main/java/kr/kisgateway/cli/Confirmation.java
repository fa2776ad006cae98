package kr.kisgateway.cli;

import kr.kisgateway.terminal.Screen;
import picocli.CommandLine.Option;

/** The option {@code --yes}, or the one question at a terminal, before something is traded. */
final class Confirmation {
    /** Why a command without a terminal and without {@code --yes} sends nothing, and what to do. */
    static final String MISSING =
            "This needs a confirmation at a terminal, or --yes.%n".formatted() + "할 일: 터미널에서 실행해 확인하거나 --yes를 붙이세요.";

    @Option(names = "--yes", description = "no confirmation prompt, for scripts")
    private boolean yes;

    /** Whether there is a way to confirm. */
    boolean isPossible(CommandEnvironment process) {
        return yes || process.prompt().isPresent();
    }

    /** Whether the operator need not be prompted. */
    boolean isGivenByOption() {
        return yes;
    }

    /**
     * Whether the operator confirms; prompts only without {@code --yes}.
     *
     * @param otherwise what is displayed when not, and when Ctrl-C ends the prompt
     */
    boolean isGiven(CommandEnvironment process, String question, String otherwise) {
        if (yes || prompt(process, question, otherwise)) {
            return true;
        }
        notes(process).line(otherwise);
        return false;
    }

    /** Prompts; displays {@code otherwise} when Ctrl-C ends the prompt. */
    static boolean prompt(CommandEnvironment process, String question, String otherwise) {
        try (var _ = process.onInterrupt().add(() -> {
            notes(process).blank();
            notes(process).line(otherwise);
        })) {
            return process.prompt().map(prompt -> prompt.test(question)).orElse(false);
        }
    }

    private static Screen notes(CommandEnvironment process) {
        return new Screen(process.err(), process.width());
    }
}
