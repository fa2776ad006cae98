package kr.kisgateway.gateway;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that name the data folder of one environment. */
final class DataFolderOptions extends DataDirOption {
    @Option(
            names = "--env",
            paramLabel = "ENV",
            scope = ScopeType.INHERIT,
            description = "sim, mock or live (KIS_ENV, sim)")
    private Optional<String> env = Optional.empty();

    @Override
    List<String> arguments() {
        var arguments = super.arguments();
        env.ifPresent(it -> arguments.add("--kis-env=" + it));
        return arguments;
    }
}
