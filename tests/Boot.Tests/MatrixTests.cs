using NUnit.Framework;
using RenodeUvmem.Boot.Tests.Rows;
using RenodeUvmem.Boot.Tests.Support;

namespace RenodeUvmem.Boot.Tests;

/// <summary>Rows of the acceptance matrix, under the real kernel and the real QEMU.</summary>
public class MatrixTests
{
    private static IEnumerable<TestCaseData> Rows => Matrix.All.Select(row => new TestCaseData(row).SetArgDisplayNames(row.Name));

    [TestCaseSource(nameof(Rows))]
    public void Row(object which)
    {
        var row = (Row)which;
        row.Assert(row.On.Boot(Matrix.All).Row(row.Part));
    }
}
