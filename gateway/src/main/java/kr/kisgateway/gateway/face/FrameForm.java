package kr.kisgateway.gateway.face;

import kr.kisgateway.gateway.access.FaceIdentity;
import kr.kisgateway.gateway.access.FaceRecords;

/** The form of the frames that a key gets: the width of records, and how many a frame has. */
record FrameForm(FrameLayout layout, FaceRecords records) {
    /** As KIS sends them. */
    static final FrameForm CURRENT = new FrameForm(FrameLayout.CURRENT, FaceRecords.BATCHED);

    static FrameForm of(FaceIdentity identity) {
        return new FrameForm(FrameLayout.of(identity.layout()), identity.records());
    }
}
