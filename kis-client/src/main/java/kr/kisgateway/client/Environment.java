package kr.kisgateway.client;

/** Which of KIS's two faces answers at the configured address: they differ in TR ids, limits and codes. */
public enum Environment {
    /** The live face (실전), TR ids beginning with T: KIS itself, or a simulator that speaks as it does. */
    LIVE_FACE,
    /** The paper face (모의): other hosts, TR ids beginning with V, lower limits, and calls that are missing. */
    PAPER_FACE
}
