/**
 * Reads one document from a web server, bounded in time and in size, over verified TLS: the master files and the
 * exchange's Open API come this way. Nothing here knows what the bytes mean, and no message holds a header. The
 * tables that are packed with the packages that do know are read here, too.
 */
@NullMarked
package kr.kisgateway.client.fetch;

import org.jspecify.annotations.NullMarked;
