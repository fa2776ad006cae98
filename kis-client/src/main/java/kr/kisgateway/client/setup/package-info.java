/** What a client is opened with, as the settings define it, and whether KIS accepts its credentials. */
@NullMarked
package kr.kisgateway.client.setup;

import org.jspecify.annotations.NullMarked;
