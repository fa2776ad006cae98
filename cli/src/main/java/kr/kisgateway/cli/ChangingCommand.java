package kr.kisgateway.cli;

import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A command whose request has an idempotency key: whatever goes wrong on the way, it is done once. */
@Command
abstract class ChangingCommand extends GatewayCommand {
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,200}");

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "the idempotency key, to repeat an earlier attempt; without it a new one is made")
    private Optional<String> keyOption = Optional.empty();

    ChangingCommand(Kis kis) {
        super(kis);
    }

    @Override
    final boolean isMutating() {
        return true;
    }

    /** The request's key. It is told before anything is sent, so that it is known whatever happens then. */
    final String idempotencyKey() {
        String key = keyOption.orElseGet(kis.process().idempotencyKeys());
        if (!KEY.matcher(key).matches()) {
            throw usageError("--key has 1 to 200 visible ASCII characters");
        }
        errorScreen().line("Idempotency-Key: " + key);
        return key;
    }
}
