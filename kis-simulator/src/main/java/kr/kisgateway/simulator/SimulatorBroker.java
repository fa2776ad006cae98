package kr.kisgateway.simulator;

import java.net.URI;
import java.nio.file.Path;
import kr.kisgateway.simulator.catalog.Face;
import kr.kisgateway.wire.spi.LocalBroker;

/** The simulator for programs without a dependency on it: always open, today's figures of KIS, a free port. */
public final class SimulatorBroker implements LocalBroker {
    @Override
    public Running start(Path folder) {
        return start(folder, Face.LIVE);
    }

    @Override
    public Running startPaper(Path folder) {
        return start(folder, Face.PAPER);
    }

    private static Running start(Path folder, Face face) {
        KisSimulator simulator = KisSimulator.start(
                SimulatorConfig.defaults(folder.resolve(face.fileName())).withFace(face));
        return new Running() {
            @Override
            public URI restBase() {
                return simulator.restBase();
            }

            @Override
            public URI wsBase() {
                return simulator.wsBase();
            }

            @Override
            public void close() {
                simulator.close();
            }
        };
    }
}
