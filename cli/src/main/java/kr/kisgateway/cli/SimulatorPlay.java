package kr.kisgateway.cli;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.simulator.SimulatorReplayRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = "Play a past day again, or change how it is played.%n" + "과거 하루를 다시 재생하거나 재생을 조작합니다.",
        footer = {
            "",
            "  ./kis simulator play --day 2026-11-20 005930 000660",
            "  ./kis simulator play --pause, --go-on, --end, --at 10:30, --speed 60"
        })
final class SimulatorPlay extends SimulatorCommand {
    @Parameters(paramLabel = "SYMBOL", arity = "0..10", description = "of Korea, with --day")
    private List<String> symbols = List.of();

    @Option(names = "--day", paramLabel = "DATE", description = "the day")
    private Optional<LocalDate> day = Optional.empty();

    @Option(names = "--speed", paramLabel = "N", description = "times as fast as that day, 1 to 600")
    private Optional<Long> speed = Optional.empty();

    @Option(names = "--at", paramLabel = "TIME", description = "jump to a time of that day, 10:30")
    private Optional<String> at = Optional.empty();

    @Option(names = "--pause", description = "prices stand still")
    private boolean pause;

    @Option(names = "--go-on", description = "after a pause")
    private boolean goesOn;

    @Option(names = "--end", description = "prices continue from where they are")
    private boolean end;

    SimulatorPlay(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        if (day.isPresent() == symbols.isEmpty()) {
            throw usageError("a day needs its symbols, and symbols need --day");
        }
        if (pause && goesOn) {
            throw usageError("--pause or --go-on, not both");
        }
        if (day.isEmpty() && speed.isEmpty() && at.isEmpty() && !pause && !goesOn && !end) {
            throw usageError("nothing to do: name a day with symbols, or one of the options");
        }
        return change(
                gateway,
                replay(new SimulatorReplayRequest(
                        day,
                        symbols.isEmpty() ? Optional.empty() : Optional.of(symbols),
                        pause || goesOn ? Optional.of(goesOn) : Optional.empty(),
                        speed.map(OptionalLong::of).orElse(OptionalLong.empty()),
                        at,
                        end ? Optional.of(true) : Optional.empty())));
    }
}
