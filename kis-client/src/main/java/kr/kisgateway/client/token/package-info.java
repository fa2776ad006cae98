/**
 * The access token: {@code TokenCore} decides when one is issued, {@code TokenManager} makes callers wait for it, and
 * {@code TokenFile} stores it encrypted for every program of this machine, under a lock.
 */
@NullMarked
package kr.kisgateway.client.token;

import org.jspecify.annotations.NullMarked;
