package kr.kisgateway.gateway.doctor;

/** A sentence in both languages. */
public record Text(String english, String korean) {}
