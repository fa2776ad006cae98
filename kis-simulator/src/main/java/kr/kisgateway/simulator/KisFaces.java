package kr.kisgateway.simulator;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import kr.kisgateway.simulator.broker.Customers;
import kr.kisgateway.simulator.catalog.Face;

/**
 * Both of KIS's brokers in one program: live and paper, each with its own ports, file, keys, accounts and limits. An app key
 * belongs to the face of its identity or, without identities, to the one at which it first logged in; the other refuses it as
 * KIS does.
 */
public final class KisFaces implements AutoCloseable {
    /** Keys whose face is recorded; further ones are accepted by either face. */
    private static final int MAX_KEYS = 100_000;

    private final KisSimulator live;
    private final KisSimulator paper;

    private KisFaces(KisSimulator live, KisSimulator paper) {
        this.live = live;
        this.paper = paper;
    }

    /**
     * Starts both; they accept calls when this returns.
     *
     * @throws IllegalArgumentException when the faces or their files are the same
     */
    public static KisFaces start(SimulatorConfig live, SimulatorConfig paper) {
        if (live.face() != Face.LIVE || paper.face() != Face.PAPER) {
            throw new IllegalArgumentException("the first must be the live face and the second the paper face");
        }
        if (live.dataFile().toAbsolutePath().equals(paper.dataFile().toAbsolutePath())) {
            throw new IllegalArgumentException("live and paper need a file each");
        }
        Customers.FaceOfKey faces = new FaceClaims();
        KisSimulator first =
                KisSimulator.start(live.withCustomers(live.customers().withFaces(faces)));
        try {
            return new KisFaces(
                    first,
                    KisSimulator.start(paper.withCustomers(paper.customers().withFaces(faces))));
        } catch (RuntimeException e) {
            first.close();
            throw e;
        }
    }

    /** The first face to claim a key owns it. */
    private static final class FaceClaims implements Customers.FaceOfKey {
        private final Map<String, Face> faces = new ConcurrentHashMap<>();

        @Override
        public Optional<Face> of(String keyHash) {
            return Optional.ofNullable(faces.get(keyHash));
        }

        @Override
        public Face claim(String keyHash, Face callingFace) {
            if (faces.size() >= MAX_KEYS) {
                return faces.getOrDefault(keyHash, callingFace);
            }
            return faces.computeIfAbsent(keyHash, hash -> callingFace);
        }
    }

    public KisSimulator live() {
        return live;
    }

    public KisSimulator paper() {
        return paper;
    }

    @Override
    public void close() {
        try {
            live.close();
        } finally {
            paper.close();
        }
    }
}
