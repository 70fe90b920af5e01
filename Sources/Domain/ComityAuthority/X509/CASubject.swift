// SPDX-License-Identifier: Apache-2.0

/// The name that an operator gives to the CAs of a server (`ca_subject`); a serial number is added to each.
package struct CASubject: Hashable, Sendable {
    package static let standard = CASubject(countries: ["US"], organizations: ["SPIFFE"])

    package var countries: [String]
    package var organizations: [String]
    package var commonName: String?

    package init(countries: [String] = [], organizations: [String] = [], commonName: String? = nil) {
        self.countries = countries
        self.organizations = organizations
        self.commonName = commonName
    }
}
