// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import SPIFFE
import Testing

@Suite struct PEMBlockTests {
    private let block = PEMBlock(label: "CERTIFICATE", bytes: Array(0..<100))

    @Test func readsWhatItWrote() throws {
        let other = PEMBlock(label: "PUBLIC KEY", bytes: [1])
        #expect(try PEMBlock.parse(Array((block.text + other.text).utf8)) == [block, other])
        #expect(block.text.split(separator: "\n").allSatisfy { $0.count <= 64 })
    }

    @Test func readsBetweenOtherText() throws {
        let text =
            "Certificate:\r\n  Data: x\r\n" + block.text.replacing("\n", with: "\r\n") + "\n# next\n" + block.text
            + "end"
        #expect(try PEMBlock.parse(Array(text.utf8)) == [block, block])
    }

    @Test func findsNoBlockInOtherText() throws {
        #expect(try PEMBlock.parse(Array("nothing\n".utf8)).isEmpty)
        #expect(!PEMBlock.isPresent(in: Array("text -----BEGIN X-----".utf8)))
    }

    @Test func refusesEveryCut() {
        let bytes = Array(block.text.utf8)
        // A cut within the first five dashes leaves plain text, one of the last line break leaves the whole block.
        for length in 5..<bytes.count - 1 {
            #expect(throws: SPIFFEError(.invalidBundle, "")) { try PEMBlock.parse(Array(bytes.prefix(length))) }
        }
    }

    @Test(arguments: [
        "-----BEGIN A-----\nAQ==\n-----END B-----\n", "-----END A-----\n", "-----BEGIN A----\nAQ==\n-----END A-----\n",
        "-----BEGIN A-----\n-----BEGIN A-----\nAQ==\n-----END A-----\n", "-----BEGIN A-----\nA*==\n-----END A-----\n",
        "-----BEGIN A-----\nProc-Type: 4,ENCRYPTED\n\nAQ==\n-----END A-----\n",
    ])
    func refusesMalformedBlocks(_ text: String) {
        #expect(throws: SPIFFEError(.invalidBundle, "")) { try PEMBlock.parse(Array(text.utf8)) }
    }

    @Test func survivesAnyChange() {
        var generator = SeededGenerator(seed: 3)
        let original = Array((block.text + block.text).utf8)
        for _ in 0..<2000 {
            let blocks = (try? PEMBlock.parse(generator.mutate(original))) ?? []
            #expect(blocks.count <= 3)
        }
    }
}
