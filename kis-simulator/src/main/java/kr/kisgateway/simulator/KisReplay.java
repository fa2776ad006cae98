package kr.kisgateway.simulator;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import kr.kisgateway.simulator.broker.Input;
import kr.kisgateway.simulator.replay.Recording;
import kr.kisgateway.simulator.server.RunningSimulator;

/** A recording that answers on a loopback port in a broker's place. */
public final class KisReplay implements AutoCloseable {
    private final RunningSimulator running;

    private KisReplay(RunningSimulator running) {
        this.running = running;
    }

    /**
     * Starts to play; sessions start when they are opened.
     *
     * @param speed as a multiple of the recorded speed
     * @param port 0 = any free one
     * @throws IllegalArgumentException in a sentence when the file is no recording or the speed is out of range
     */
    public static KisReplay start(Path file, double speed, int port, InstantSource clock) {
        Recording recording = Recording.read(file);
        if (!(speed > 0 && speed <= 1_000_000)) {
            throw new IllegalArgumentException("the speed must lie above 0 and up to 1,000,000, not " + speed);
        }
        return new KisReplay(RunningSimulator.replay(recording, speed, clock, port));
    }

    public int port() {
        return running.port();
    }

    public URI restBase() {
        return URI.create("http://127.0.0.1:" + port());
    }

    public URI wsBase() {
        return URI.create("ws://127.0.0.1:" + port());
    }

    /** The progress as JSON: frames played, items and sessions left, calls that were not recorded. */
    public String progress() {
        return running.request(id -> new Input.ReadState(id, Map.of())).body();
    }

    @Override
    public void close() {
        running.close();
    }
}
