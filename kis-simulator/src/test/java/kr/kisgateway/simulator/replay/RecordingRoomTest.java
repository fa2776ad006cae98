package kr.kisgateway.simulator.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import kr.kisgateway.simulator.SteppedClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingRoomTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void a_recording_ends_for_good_when_its_disk_space_runs_low() throws IOException {
        var clock = new SteppedClock(Instant.EPOCH);
        var room = new AtomicBoolean(true);
        Path file = folder.resolve("recording");
        try (RecordingWriter writer = RecordingWriter.open(file, clock, room::get)) {
            writer.responseLost(1);
            clock.advance(Duration.ofSeconds(2));
            writer.responseLost(2);
            room.set(false);
            clock.advance(Duration.ofSeconds(2));
            writer.responseLost(3);
            room.set(true);
            clock.advance(Duration.ofSeconds(2));
            writer.responseLost(4);
        }
        assertThat(Files.readAllLines(file)).hasSize(1 + 3);
    }
}
