package kr.kisgateway.gateway.badfixture.client.rest;

/** A part of the client that it does not export. */
public interface BadCall {}
