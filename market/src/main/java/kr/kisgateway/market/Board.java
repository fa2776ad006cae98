package kr.kisgateway.market;

/** The board of the Korea Exchange on which an instrument is listed. */
public enum Board {
    KOSPI,
    KOSDAQ,
    KONEX
}
