package kr.kisgateway.terminal;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Command lines of picocli whose help fits the terminal and whose usage errors name the word that is probably meant. */
public final class CommandLines {
    /** picocli supports no narrower page; a wider one is hard to read. */
    private static final int NARROWEST_PAGE = 55;

    private static final int WIDEST_PAGE = 100;
    /** In a file or pipe; a pager shows it on a terminal of the usual width. */
    private static final int USUAL_PAGE = 80;

    private CommandLines() {}

    /** Adds a command and returns it. It inherits options of {@code parent} now, so commands are added from the root downwards. */
    public static CommandLine add(CommandLine parent, String name, Object command) {
        var child = new CommandLine(command);
        parent.addSubcommand(name, child);
        return child;
    }

    /**
     * Sets streams, page width and error texts of a command line and the commands below it. A {@link UsageException} of a
     * command is displayed as an error of the parser is.
     *
     * @param width columns of the terminal
     * @return {@code line}
     */
    public static CommandLine attach(CommandLine line, PrintStream out, PrintStream err, int width) {
        return attach(line, out, err, width, List.of(), Map.of());
    }

    /**
     * As {@link #attach(CommandLine, PrintStream, PrintStream, int)}.
     *
     * @param otherCommands commands beside those of {@code line} that other programs run under its name; a mistyped one is
     *     suggested, too
     * @param foreignOptions what is meant by an option that other programs have, as the end of a sentence; a command that has the
     *     option takes it
     */
    public static CommandLine attach(
            CommandLine line,
            PrintStream out,
            PrintStream err,
            int width,
            List<String> otherCommands,
            Map<String, String> foreignOptions) {
        var usageErrors = new UsageErrors(new Screen(err, width), otherCommands, foreignOptions);
        line.setOut(writer(out));
        line.setErr(writer(err));
        line.setParameterExceptionHandler(usageErrors);
        line.setExecutionExceptionHandler((error, command, parsed) -> {
            if (error instanceof UsageException usage) {
                return usageErrors.handleParseException(
                        new ParameterException(command, String.valueOf(usage.getMessage())), new String[0]);
            }
            throw error;
        });
        return line.setUsageHelpWidth(
                width == Screen.UNBOUNDED ? USUAL_PAGE : Math.clamp(width, NARROWEST_PAGE, WIDEST_PAGE));
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }
}
