package kr.kisgateway.terminal;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** A usage error whose message says what to do: the way to the help, which follows any other, would add nothing. */
public final class SelfExplainedException extends ParameterException {
    private static final long serialVersionUID = 1;

    public SelfExplainedException(CommandLine command, String message) {
        super(command, message);
    }
}
