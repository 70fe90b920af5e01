// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Testing

@testable import ComityCommands

@Suite struct FlagReaderTests {
    private let reader = FlagReader(
        DeclaredFlags(
            options: ["ttl", "spiffeID", "selector"], switches: ["admin", "banned", "no-banned"], takesArguments: true))

    @Test(arguments: [
        (["-ttl", "5"], ["-ttl=5"]),
        (["--ttl", "5"], ["-ttl=5"]),
        (["-ttl=5"], ["-ttl=5"]),
        (["--ttl=5"], ["-ttl=5"]),
        (["-ttl="], ["-ttl="]),
        (["-ttl", "-5"], ["-ttl=-5"]),
        (["-ttl", "-admin"], ["-ttl=-admin"]),
        (["-spiffeID", "a=b"], ["-spiffeID=a=b"]),
        (["-spiffeID=a=b"], ["-spiffeID=a=b"]),
        (["-selector", "a:1", "-selector", "b:2"], ["-selector=a:1", "-selector=b:2"]),
        (["-admin"], ["-admin"]),
        (["--admin=true"], ["-admin"]),
        (["-admin=T"], ["-admin"]),
        (["-admin=false"], []),
        (["-admin=0", "-ttl", "1"], ["-ttl=1"]),
        (["-banned=false"], ["-no-banned"]),
        (["-admin", "rest", "-ttl"], ["-admin", "rest", "-ttl"]),
        (["-ttl", "5", "--", "-admin"], ["-ttl=5", "-admin"]),
        (["-"], ["-"]),
    ])
    func readsFlagsAsGoDoes(_ given: [String], _ expected: [String]) throws {
        #expect(try reader.read(given) == .arguments(expected))
    }

    @Test(arguments: [["-h"], ["--help"], ["-ttl", "5", "-help"]])
    func answersHelp(_ given: [String]) throws {
        #expect(try reader.read(given) == .help)
    }

    @Test(arguments: [
        (["-tll", "5"], "flag provided but not defined: -tll (did you mean -ttl?)"),
        (["--spiffeid=x"], "flag provided but not defined: -spiffeid (did you mean -spiffeID?)"),
        (["-somethingElse"], "flag provided but not defined: -somethingElse"),
        (["-ttl"], "flag needs an argument: -ttl"),
        (["-admin=maybe"], "invalid boolean value \"maybe\" for -admin: use true or false"),
        (["---ttl"], "bad flag syntax: ---ttl"),
        (["-=x"], "bad flag syntax: -=x"),
    ])
    func refusesWhatGoRefuses(_ given: [String], _ message: String) {
        let error = #expect(throws: CommandError.self) { try reader.read(given) }
        #expect(error?.message == message)
    }

    @Test(arguments: [["-admin", "false", "-ttl", "5"], ["stray"], ["--", "-admin"]])
    func refusesArgumentsThatGoWouldIgnore(_ given: [String]) {
        let reader = FlagReader(DeclaredFlags(options: ["ttl"], switches: ["admin"]))
        let error = #expect(throws: CommandError.self) { try reader.read(given) }
        #expect(error?.message.hasPrefix("unexpected argument ") == true)
        #expect(error?.cure?.contains("-admin=false") == true)
    }

    @Test func learnsWhichCommandsTakeArguments() {
        #expect(DeclaredFlags(of: InspectID.self).takesArguments)
        #expect(!DeclaredFlags(of: BundleShow.self).takesArguments)
    }

    @Test(arguments: [
        ("x509SVIDTTL", "abc", "The lifetime, in seconds, of X509-SVIDs (0: server default)."),
        ("entryExpiry", "99999999999999999999", "When the entry ends, in seconds since 1970 (0: never)."),
        ("output", "yaml", "Desired output format: pretty or json."),
    ])
    func namesTheFlagWhoseValueCannotBeRead(_ name: String, _ value: String, _ meaning: String) {
        let flags = DeclaredFlags(of: EntryCreate.self)
        let error = #expect(throws: CommandError.self) {
            try flags.parse(["-spiffeID=spiffe://a/b", "-\(name)=\(value)", "-admin"], as: EntryCreate.self)
        }
        #expect(error?.message == "invalid value \"\(value)\" for flag -\(name): parse error")
        #expect(error?.cure == "-\(name): \(meaning)")
    }

    @Test func learnsTheFlagsOfACommand() {
        let flags = DeclaredFlags(of: EntryCreate.self)
        #expect(flags.options.isSuperset(of: ["socketPath", "instance", "output", "spiffeID", "x509SVIDTTL", "data"]))
        #expect(
            flags.switches == [
                "admin", "downstream", "storeSVID", "node", "disableX509SVIDPrefetch",
                "noDisableX509SVIDPrefetch", "jwtSVIDIncludeJTI", "noJwtSVIDIncludeJTI",
            ])
    }

    @Test(arguments: [
        ("-banned=false", false), ("-banned", true), ("-canReattest=false", false), ("-canReattest=true", true),
    ])
    func switchesWithThreeStatesCanBeOff(_ argument: String, _ expected: Bool) throws {
        guard case .arguments(let arguments) = try FlagReader(DeclaredFlags(of: NodesList.self)).read([argument]) else {
            Issue.record("\(argument) was taken for help")
            return
        }
        let filter = try NodesList.parse(arguments).flags
        #expect((argument.hasPrefix("-b") ? filter.banned : filter.canReattest) == expected)
    }
}
