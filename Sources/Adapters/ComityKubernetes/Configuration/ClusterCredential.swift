// SPDX-License-Identifier: Apache-2.0

/// How a client says who it is.
public enum ClusterCredential: Hashable, Sendable {
    /// Not at all.
    case anonymous
    /// A bearer token.
    case token(String)
    /// A file with a bearer token, read again for each request: the kubelet renews it in place.
    case tokenFile(String)
    /// A certificate and its key, both in PEM.
    case certificate(PEMSource, key: PEMSource)
    /// Whatever a program prints.
    case exec(ExecPlugin)
}
