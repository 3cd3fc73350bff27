using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Rows;
using RenodeUvmem.Boot.Tests.Support;

namespace RenodeUvmem.Boot.Tests;

/// <summary>Rows of the acceptance matrix, under the real kernel and the real QEMU.</summary>
public partial class MatrixTests
{
    private static IEnumerable<TestCaseData> Rows => Matrix.All.Select(row => new TestCaseData(row).SetArgDisplayNames(row.Name));

    private static IEnumerable<TestCaseData> OutOfReach => Unreachable.All.Select(row => new TestCaseData(row.Proof).SetArgDisplayNames(row.Row));

    [OneTimeTearDown]
    public void Forget()
    {
        RowMachine.ForgetAll();
        WarmMachine.ForgetAll();
    }

    /// <summary>No row is both: a proof has to go when a way is found.</summary>
    [Test]
    public void RowsThatRunAreNotOutOfReach() => Assert.That(Matrix.All.Select(row => row.Name).Intersect(Unreachable.All.Select(row => row.Row)), Is.Empty);

    /// <summary>What a row looks at is a row that runs on the same machine.</summary>
    [Test]
    public void RowsLookAtRowsOfTheirMachine() =>
        Assert.That(Matrix.All.Where(row => row.LooksAt is not null).Select(Matrix.DriverOf), Is.SubsetOf(Matrix.All));

    [TestCaseSource(nameof(OutOfReach))]
    public void OutOfReachRow(string proof) => Assert.Ignore(proof);

    [TestCaseSource(nameof(Rows))]
    public void Row(object which)
    {
        var row = (Row)which;
        row.Assert(row.On.Segment(row));
    }
}
