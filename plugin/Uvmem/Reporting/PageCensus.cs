using RenodeUvmem.Ultravisor;
using RenodeUvmem.Ultravisor.Svms;

namespace RenodeUvmem.Uvmem.Reporting;

/// <summary>Pages by state of each SVM: as they were when it ended, or as they are now.</summary>
internal sealed class PageCensus
{
    private readonly List<(ulong Lpid, bool Ended, long[] Counts)> ended = [];

    public PageCensus(UltravisorModel? ultravisor)
    {
        if (ultravisor is not null)
            ultravisor.SvmEnding += svm => ended.Add(Count(svm, true));
    }

    /// <summary>All SVMs there were, in order of their end; those still alive last.</summary>
    public IEnumerable<(ulong Lpid, bool Ended, long[] Counts)> Of(UltravisorModel ultravisor) =>
        ended.Concat(ultravisor.Svms.Select(svm => Count(svm, false)));

    private static (ulong Lpid, bool Ended, long[] Counts) Count(Svm svm, bool isOver) => (svm.Lpid, isOver, svm.CountByState());
}
