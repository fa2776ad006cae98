package kr.kisgateway.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The option that names the folder of all environments, also behind a subcommand. */
class DataDirOption {
    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "the gateway's folder (GATEWAY_DATA_DIR, ./data)")
    private Optional<String> dataDir = Optional.empty();

    /** What was given, as arguments that settings are loaded from. */
    List<String> arguments() {
        var arguments = new ArrayList<String>();
        dataDir.ifPresent(dir -> arguments.add("--data-dir=" + dir));
        return arguments;
    }
}
