using System.Buffers.Binary;
using System.Diagnostics;
using RenodeUvmem.Ultravisor.Fdt;
using RenodeUvmem.Ultravisor.Tests.Hostile.Engine;

namespace RenodeUvmem.Ultravisor.Tests.Hostile.Model;

/// <summary>The reader of flattened device trees alone: it says what is wrong with FdtException and nothing else, in bounded time.</summary>
internal sealed class TreeTarget(ulong seed) : Target
{
    // The largest tree that UV_ESM takes.
    private const int LargestTree = 2 << 20;

    // Generous: the machine that runs this may be busy. What is meant are seconds.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly byte[] sound = SoundTree(new FuzzRandom(seed));

    public override void Act(FuzzRandom random, Story story)
    {
        byte[] blob;
        switch (random.Below(16))
        {
            case 0:
                blob = new byte[random.Below(400)];
                random.Fill(blob);
                story.Tell($"{blob.Length} random bytes");
                break;
            case 1:
                blob = MadeUp(random, random.OneIn(20) ? LargestTree : 4096);
                story.Tell($"made-up tree of {blob.Length} bytes");
                break;
            default:
                blob = sound.ToArray();
                Damage.Bytes(random, blob);
                story.Tell($"spoilt tree of {blob.Length} bytes");
                break;
        }

        var clock = Stopwatch.StartNew();
        try
        {
            FdtTree tree = FdtReader.Read(blob);
            story.Add(", accepted");
            Expect(clock, blob.Length);
            FdtTree again = FdtReader.Read(FdtWriter.Write(tree));
            if (again.Root.Descendants().Count() != tree.Root.Descendants().Count() || !again.Reservations.SequenceEqual(tree.Reservations))
                throw new BrokenPropertyException("tree", "an accepted tree is another one after writing and reading it");
        }
        catch (FdtException refusal)
        {
            story.Add($": {refusal.Message}");
            Expect(clock, blob.Length);
        }
    }

    public override void Check()
    {
    }

    public override void Dispose()
    {
    }

    private static void Expect(Stopwatch clock, int bytes)
    {
        if (clock.Elapsed > Limit)
            throw new BrokenPropertyException("time", $"a tree of {bytes} bytes took {clock.Elapsed}");
    }

    private static byte[] SoundTree(FuzzRandom random)
    {
        var tree = new FdtTree();
        tree.Reservations.Add(new FdtReservation(random.Next(), random.Next()));
        FdtNode node = tree.Root.SetCells("#address-cells", 2);
        for (int n = 0; n < 12; n++)
        {
            if (random.OneIn(3))
                node = tree.Root;
            node = node.AddNode($"node@{random.Below(9)}").SetText("name", "text").SetCells($"cell{n}", (uint)random.Next());
        }

        return FdtWriter.Write(tree);
    }

    // Well-formed where it costs most: as many properties or reservations as fit, with names as long and as different as can be.
    private static byte[] MadeUp(FuzzRandom random, int size)
    {
        var blob = new byte[size];
        int reservations = random.Below(3) == 0 ? size / 64 : 1;
        int structure = 48 + (reservations * 16);
        int strings = structure + ((size - structure) / 2 & ~3);
        uint[] header = [0xD00DFEED, (uint)size, (uint)structure, (uint)strings, 48, 17, 16, 0, (uint)(size - strings), (uint)(strings - structure)];
        for (int n = 0; n < header.Length; n++)
            BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(4 * n), header[n]);
        for (int n = 0; n < reservations - 1; n++)
            blob[48 + (16 * n)] = 1;
        blob.AsSpan(strings, size - strings - 1).Fill((byte)'a');
        if (random.OneIn(2))
        {
            for (int at = strings + random.Below(40); at < size; at += 1 + random.Below(40))
                blob[at] = 0;
        }

        int position = structure;
        int depth = 0;
        Put(1, 0);
        bool nest = random.OneIn(3);
        while (position < strings - 16 - (4 * depth))
        {
            switch (nest ? random.Below(4) : 3)
            {
                case 0 when depth < 60:
                    Put(1, 0x61620000);
                    break;
                case 1 when depth > 1:
                    Put(2);
                    break;
                case 2:
                    Put(4);
                    break;
                default:
                    Put(3, 0, (uint)random.Below(size - strings));
                    break;
            }
        }

        while (depth > 0)
            Put(2);
        Put(9);
        return blob;

        void Put(params uint[] words)
        {
            depth += words[0] == 1 ? 1 : words[0] == 2 ? -1 : 0;
            foreach (uint word in words)
            {
                BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(position), word);
                position += 4;
            }
        }
    }
}
