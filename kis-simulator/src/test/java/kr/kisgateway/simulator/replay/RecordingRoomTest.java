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
    void a_recording_ends_when_its_disk_has_too_little_room_and_stays_ended() throws IOException {
        var clock = new SteppedClock(Instant.EPOCH);
        var room = new AtomicBoolean(true);
        Path file = folder.resolve("recording");
        try (RecordingWriter writer = RecordingWriter.open(file, clock, room::get)) {
            writer.broken(1);
            clock.advance(Duration.ofSeconds(2));
            writer.broken(2);
            room.set(false);
            clock.advance(Duration.ofSeconds(2));
            writer.broken(3);
            room.set(true);
            clock.advance(Duration.ofSeconds(2));
            writer.broken(4);
        }
        assertThat(Files.readAllLines(file)).hasSize(1 + 3);
    }
}
